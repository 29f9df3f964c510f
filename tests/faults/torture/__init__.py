"""A gathering under kill -9: people act, processes die at random moments, and at the end everything is compared."""
