"""The press: notebooks in, reports out, one client a process.

- `batch`   many clients, a process each
- `report`  one client, one locale: run, join, render, write
- `engine`  how papermill runs a notebook here
- `paper`   a report printed to PDF
"""
