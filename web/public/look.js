// Runs before the first paint, so that neither dark mode nor large type flashes. A file of its own:
// the page's policy allows no inline script. Keys as in src/app/look.ts.
(function () {
  var root = document.documentElement;
  var read = function (key) {
    try {
      return localStorage.getItem(key);
    } catch (e) {
      return null;
    }
  };
  var theme = read("fapiao.theme");
  var dark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.classList.toggle("dark", dark);
  root.classList.toggle("large", read("fapiao.large") === "1");
  if (read("fapiao.locale") === "en") root.lang = "en";
})();
