"""Look after a workspace: backups, retention, the log, the doctor, the demonstration."""
