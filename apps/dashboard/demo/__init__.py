"""The invented Kota Tirtaraya: its offices, systems and eight quarters, made by walking the services."""
