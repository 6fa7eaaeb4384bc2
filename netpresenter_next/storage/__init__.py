"""The database: its file, tables and migrations, transactions, and disk faults."""
