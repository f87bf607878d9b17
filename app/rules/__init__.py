"""Policy: state tables, permissions, majorities and numbering, all pure."""
