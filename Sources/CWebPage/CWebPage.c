#include "CWebPage.h"

#if defined(__clang__)
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif

#define SCRIPT "text/javascript; charset=utf-8"
#define STYLE "text/css; charset=utf-8"

static const unsigned char index_html[] = {
#embed "../../web/index.html"
};
static const unsigned char icon_svg[] = {
#embed "../../web/icon.svg"
};
static const unsigned char style_css[] = {
#embed "../../web/style.css"
};
static const unsigned char views_css[] = {
#embed "../../web/views.css"
};
static const unsigned char actions_js[] = {
#embed "../../web/actions.js"
};
static const unsigned char api_js[] = {
#embed "../../web/api.js"
};
static const unsigned char app_js[] = {
#embed "../../web/app.js"
};
static const unsigned char artifacts_js[] = {
#embed "../../web/artifacts.js"
};
static const unsigned char chart_js[] = {
#embed "../../web/chart.js"
};
static const unsigned char console_js[] = {
#embed "../../web/console.js"
};
static const unsigned char dom_js[] = {
#embed "../../web/dom.js"
};
static const unsigned char format_js[] = {
#embed "../../web/format.js"
};
static const unsigned char login_js[] = {
#embed "../../web/login.js"
};
static const unsigned char overview_js[] = {
#embed "../../web/overview.js"
};
static const unsigned char poll_js[] = {
#embed "../../web/poll.js"
};
static const unsigned char queues_js[] = {
#embed "../../web/queues.js"
};
static const unsigned char scalars_js[] = {
#embed "../../web/scalars.js"
};
static const unsigned char status_js[] = {
#embed "../../web/status.js"
};
static const unsigned char task_js[] = {
#embed "../../web/task.js"
};
static const unsigned char tasks_js[] = {
#embed "../../web/tasks.js"
};
static const unsigned char workers_js[] = {
#embed "../../web/workers.js"
};

#define FILE(path, type, bytes) {path, type, bytes, sizeof(bytes)}

static const stint_web_file files[] = {
    FILE("index.html", "text/html; charset=utf-8", index_html),
    FILE("icon.svg", "image/svg+xml", icon_svg),
    FILE("style.css", STYLE, style_css),
    FILE("views.css", STYLE, views_css),
    FILE("actions.js", SCRIPT, actions_js),
    FILE("api.js", SCRIPT, api_js),
    FILE("app.js", SCRIPT, app_js),
    FILE("artifacts.js", SCRIPT, artifacts_js),
    FILE("chart.js", SCRIPT, chart_js),
    FILE("console.js", SCRIPT, console_js),
    FILE("dom.js", SCRIPT, dom_js),
    FILE("format.js", SCRIPT, format_js),
    FILE("login.js", SCRIPT, login_js),
    FILE("overview.js", SCRIPT, overview_js),
    FILE("poll.js", SCRIPT, poll_js),
    FILE("queues.js", SCRIPT, queues_js),
    FILE("scalars.js", SCRIPT, scalars_js),
    FILE("status.js", SCRIPT, status_js),
    FILE("task.js", SCRIPT, task_js),
    FILE("tasks.js", SCRIPT, tasks_js),
    FILE("workers.js", SCRIPT, workers_js),
};

const size_t stint_web_file_count = sizeof(files) / sizeof(files[0]);

const stint_web_file *stint_web_file_at(size_t index) {
  return index < stint_web_file_count ? &files[index] : NULL;
}
