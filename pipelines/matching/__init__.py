"""The matching specification as Python sees it: read and checked, shown as a page, written as settings of Splink."""
