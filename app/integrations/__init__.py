"""The outside world: files, spreadsheets and other systems."""
