"""A soak: sessions in many channels at once, thousands of events, and what the processes are like then."""
