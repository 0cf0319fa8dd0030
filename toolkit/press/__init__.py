"""The press: notebooks in, reports out, one client a process.

- `batch`   many clients, a process each
- `report`  one client, one locale: run, join, render, write
- `engine`  how papermill runs a notebook here, and `shown`, what its cells show
- `clean`   how a client's process begins, and `warm`, what it finds there
- `index`   one page about all clients
- `paper`   a report printed to PDF
"""
