"""Let people in, know who they are, and keep their accounts."""
