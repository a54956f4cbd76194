"""The entry point: runs the command line, and keeps exit code 1 for denied findings alone.

Python and click leave with 1 on an uncaught exception or an interrupt; a build gate would read that
as a finding. Here both are 2 (DESIGN section 5).
"""

import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run `lien` with the arguments of the process."""
    from click.exceptions import Abort, ClickException, Exit  # noqa: PLC0415  # nothing is imported before an interrupt is caught

    from lien.cli import cli  # noqa: PLC0415
    from lien.errors import LienError  # noqa: PLC0415

    try:
        code = int(cli.main(prog_name="lien", standalone_mode=False) or 0)
    except Exit as error:
        code = error.exit_code
    except ClickException as error:
        error.show()
        code = 2
    except LienError as error:
        print(f"lien: {error}", file=sys.stderr)  # noqa: T201  # the one place that speaks for every command
        code = 2
    except (Abort, KeyboardInterrupt):
        print("lien: interrupted; nothing was audited", file=sys.stderr)  # noqa: T201
        code = 2
    except BrokenPipeError:
        # Somebody closed the pipe (`lien audit | head`); the interpreter must not complain again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 2
    except Exception as error:  # noqa: BLE001  # a bug in lien is never exit code 1
        import traceback  # noqa: PLC0415

        traceback.print_exc()
        print(f"lien: internal error ({type(error).__name__}); please report it with the lines above", file=sys.stderr)  # noqa: T201
        code = 2
    sys.exit(code)


if __name__ == "__main__":
    main()
