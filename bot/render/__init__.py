"""How the record reads: values in, Block Kit and Markdown out. All words of the product live here."""
