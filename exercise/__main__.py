"""``python -m exercise`` is the command ``exercise``."""

from exercise.cli.main import main

if __name__ == "__main__":
    main()
