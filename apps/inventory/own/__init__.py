"""Attributes an administrator adds: their fields in forms and API, and their filters."""
