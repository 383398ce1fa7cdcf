"""Know the measures that can be taken against a hotspot, and the states of an action."""
