"""How an app gets into a workspace: OAuth v2, from the page where one allows it to the token."""
