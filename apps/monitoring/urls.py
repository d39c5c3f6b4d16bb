"""Web routes."""

app_name = "monitoring"
urlpatterns: list = []
