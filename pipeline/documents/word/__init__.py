"""The Word shop: a document that grows, on our template or on the letterhead of the ente; its PDF."""
