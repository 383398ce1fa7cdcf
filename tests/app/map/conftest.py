"""The app as these pages' tests open it."""

from tests.app.test_pages import open_app  # noqa: F401 - a fixture
