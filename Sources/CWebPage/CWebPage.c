#include "CWebPage.h"

#if defined(__clang__)
#pragma clang diagnostic ignored "-Wc23-extensions"
#endif

#include "Files.h"

#define PAGE "text/html; charset=utf-8"
#define SCRIPT "text/javascript; charset=utf-8"
#define STYLE "text/css; charset=utf-8"
#define IMAGE "image/svg+xml"

// scripts/plotly.sh puts it there. A binary that was built without it serves the page without charts.
#define PLOTLY "../../.build/plotly/plotly.min.js.gz"
#if __has_embed(PLOTLY)
static const unsigned char plotly_min_js_gz[] = {
#embed PLOTLY
};
#endif

#define FILE(path, type, bytes) {path, type, 0, bytes, sizeof(bytes)},

static const stint_web_file files[] = {
    FILES
#if __has_embed(PLOTLY)
    {"plotly.min.js", SCRIPT, 1, plotly_min_js_gz, sizeof(plotly_min_js_gz)},
#endif
};

const size_t stint_web_file_count = sizeof(files) / sizeof(files[0]);

const stint_web_file *stint_web_file_at(size_t index) {
  return index < stint_web_file_count ? &files[index] : NULL;
}
