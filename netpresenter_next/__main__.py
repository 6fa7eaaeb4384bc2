"""The program ``netpresenter-next``, also ``python -m netpresenter_next``."""

from netpresenter_next.cli.main import main

if __name__ == "__main__":
    main(prog_name="netpresenter-next")
