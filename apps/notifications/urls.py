"""Web routes."""

app_name = "notifications"
urlpatterns: list = []
