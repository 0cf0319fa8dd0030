"""JupyterLab for the room: working copies of the notebooks, code out of sight, a page to start from."""

from toolkit.lab.copies import copy_notebooks
from toolkit.lab.server import lab_command, open_lab

__all__ = ["copy_notebooks", "lab_command", "open_lab"]
