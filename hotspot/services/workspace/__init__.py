"""Make and open a workspace, and give every service its ways: permission, log, files that leave."""
