"""Web routes."""

app_name = "dashboard"
urlpatterns: list = []
