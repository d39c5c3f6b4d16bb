// Where nobody chose, the page follows the device. The cookie lets the server draw the next page right at once.
const page = document.documentElement;
if (page.hasAttribute("data-follows-device")) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    page.dataset.bsTheme = dark.matches ? "dark" : "light";
    document.cookie = `spbe_device=${page.dataset.bsTheme}; path=/; SameSite=Lax`;
  };
  follow();
  dark.addEventListener("change", follow);
}
