"""Declare the tables of the database."""
