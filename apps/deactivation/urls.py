"""Web routes."""

app_name = "deactivation"
urlpatterns: list = []
