// shiny-server passes on neither the name that a browser asked for nor the page that asked, so the app cannot refuse
// other websites that the same browser has open. Loaded into shiny-server by NODE_OPTIONS, this does so in its place.
const http = require("http");

const names = ["127.0.0.1", "localhost", ...(process.env.DASHBOARD_HOSTS || "").split(",")];

function isOwn({ host = "", origin }) {
  const isOwnHost = names.includes(host.replace(/:\d+$/, ""));
  return isOwnHost && (origin === undefined || origin.replace(/^https?:\/\//, "") === host);
}

const emit = http.Server.prototype.emit;
http.Server.prototype.emit = function (event, request, answer, ...rest) {
  if ((event === "request" || event === "upgrade") && !isOwn(request.headers)) {
    if (event === "upgrade") answer.destroy();
    else answer.writeHead(403).end();
    return true;
  }
  return emit.call(this, event, request, answer, ...rest);
};
