"""What an installation survives: processes killed, disks full, networks cut, people who race."""
