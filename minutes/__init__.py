"""What the record of a gathering is: plain rules and values, without Slack, SQL, clock or environment."""
