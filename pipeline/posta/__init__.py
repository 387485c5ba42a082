"""Mail: addresses and texts checked, drafts written, drafts sent."""
