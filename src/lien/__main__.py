"""The entry point: runs the command line, and keeps exit code 1 for denied findings alone.

Python and click leave with 1 on an uncaught exception, an interrupt or a closed pipe; a build gate
would read that as a finding. Here all of them are 2 (DESIGN section 5).
"""

import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run `lien` with the arguments of the process."""
    try:
        code = _run()
    except KeyboardInterrupt:
        _say("interrupted; nothing was audited")
        code = 2
    except Exception as error:  # noqa: BLE001  # a bug in lien is never exit code 1
        import traceback  # noqa: PLC0415

        traceback.print_exc()
        _say(f"internal error ({type(error).__name__}); please report it with the lines above")
        code = 2
    sys.exit(code)


def _run() -> int:
    # Imported here, so that an interrupt while lien starts is caught too.
    from click.exceptions import Abort, ClickException, Exit  # noqa: PLC0415

    from lien.cli import cli  # noqa: PLC0415
    from lien.errors import LienError  # noqa: PLC0415

    try:
        return int(cli.main(prog_name="lien", standalone_mode=False) or 0)
    except Exit as error:
        return error.exit_code
    except ClickException as error:
        error.show()
    except LienError as error:
        _say(str(error))
    except Abort:
        raise KeyboardInterrupt from None
    except (BrokenPipeError, SystemExit):
        # Somebody closed the pipe (`lien audit | head`), of which click makes a SystemExit with code 1.
        _forget_output()
    except OSError as error:
        if error.filename is not None:
            raise
        _forget_output()
        _say(f"standard output cannot be written ({error.strerror})")
    return 2


def _forget_output() -> None:
    """The interpreter flushes standard output at exit, and must not complain once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(text: str) -> None:
    """Messages quote inputs, and a terminal obeys what it is shown: nothing but text leaves here."""
    shown = "".join(one if one.isprintable() or one == "\n" else f"\\x{ord(one):02x}" for one in text)
    print(f"lien: {shown}", file=sys.stderr)  # noqa: T201  # the one place that speaks for every command


if __name__ == "__main__":
    main()
