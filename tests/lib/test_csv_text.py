"""Writing CSV that spreadsheets open safely."""

import csv

import pytest

from netpresenter_next.lib.csv_text import write_lines


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_looks_like_a_formula_is_defused(start):
    assert read(write_lines([[f"{start}1+1", f"1{start}"]])) == [
        [f"'{start}1+1", f"1{start}"]
    ]


def test_cells_are_read_as_they_were_written():
    assert read(write_lines([['a "b"', "c,\nd", None, 3]])) == [
        ['a "b"', "c,\nd", "", "3"]
    ]


def read(text):
    return list(csv.reader(text.splitlines(keepends=True)))
