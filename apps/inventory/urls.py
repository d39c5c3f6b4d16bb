"""Web routes."""

app_name = "inventory"
urlpatterns: list = []
