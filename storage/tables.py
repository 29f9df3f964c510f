"""All tables: whoever goes through every one of them asks here, where each is known."""

import storage.chair_schema
import storage.emoji_schema
import storage.gate_schema
import storage.hearing_schema
import storage.home_schema
import storage.installation_schema
import storage.message_schema
import storage.vote_schema  # noqa: F401 # their tables are known once they are read
from storage.schema import METADATA

TABLES = tuple(METADATA.sorted_tables)
"""Each after those that it refers to."""
