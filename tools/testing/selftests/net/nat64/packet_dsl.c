// SPDX-License-Identifier: GPL-2.0
/*
 * packet_dsl - parses files of vectors (see vectors/README) into tests.
 */
#include <ctype.h>
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "packet.h"

#define WORDS_MAX	64
#define DEPTH_MAX	8

struct def {
	char *name;
	char *param[16];
	int params;
	char **line;
	int lines;
};

struct reader {
	struct suite *suite;
	const char *path;
	int line;
	int depth;
	struct fixture *current;	/* receives settings: fixture or test */
	struct def *def;		/* receives lines */
	struct test *test;		/* receives steps */
	struct fixture base;		/* of the following tests */
	int errors;
};

static struct fixture *fixtures;
static int fixture_count;
static struct def *defs;
static int def_count;

static bool read_file(struct reader *r, const char *path);
static void do_line(struct reader *r, const char *text);

static void *grow(void *array, int count, size_t size)
{
	array = realloc(array, (count + 1) * size);
	if (!array)
		exit(1);
	memset((char *)array + count * size, 0, size);
	return array;
}

static char *copy(const char *s)
{
	char *p = strdup(s);

	if (!p)
		exit(1);
	return p;
}

static void complain(struct reader *r, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", r->path, r->line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	r->errors++;
}

static void add_setting(struct fixture *f, enum setting_kind kind,
			const char *key, const char *value)
{
	f->setting = grow(f->setting, f->count, sizeof(*f->setting));
	f->setting[f->count++] = (struct setting) {
		.kind = kind, .key = copy(key), .value = copy(value)
	};
}

static void add_settings(struct fixture *to, const struct fixture *from)
{
	int i;

	for (i = 0; i < from->count; i++)
		add_setting(to, from->setting[i].kind, from->setting[i].key,
			    from->setting[i].value);
}

static const char *skip_space(const char *s)
{
	while (isspace((unsigned char)*s))
		s++;
	return s;
}

/* Remove a word from *s; "quoted words" may have spaces. */
static char *word(const char **s)
{
	const char *p = skip_space(*s);
	const char *end;
	char *w;

	if (*p == '"') {
		p++;
		end = p + strcspn(p, "\"");
		*s = *end ? end + 1 : end;
	} else {
		end = p + strcspn(p, " \t");
		*s = end;
	}
	w = strndup(p, end - p);
	if (!w)
		exit(1);
	*s = skip_space(*s);
	return w;
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Replace $name and ${name} of a parameter; keep other names. */
static char *substitute(const char *text, char *const *name,
			char *const *value, int count)
{
	size_t cap = strlen(text) + 1, n, len = 0;
	const char *p = text, *id;
	char *out;
	int i;

	for (i = 0; i < count; i++)
		cap += strlen(value[i]) * strlen(text);
	out = calloc(1, cap);
	if (!out)
		exit(1);
	while (*p) {
		if (*p != '$') {
			out[len++] = *p++;
			continue;
		}
		id = p + 1 + (p[1] == '{');
		for (n = 0; is_name(id[n]);)
			n++;
		for (i = 0; i < count; i++)
			if (strlen(name[i]) == n && !strncmp(name[i], id, n))
				break;
		if (i == count) {
			out[len++] = *p++;
			continue;
		}
		len += sprintf(out + len, "%s", value[i]);
		p = id + n + (p[1] == '{' && id[n] == '}');
	}
	return out;
}

static void do_for(struct reader *r, const char *rest)
{
	char *name = word(&rest);
	const char *body = strstr(rest, " : ");
	char *value, *line;
	char one[32];
	long i, from, to;
	char *end;

	if (!body) {
		complain(r, "for wants NAME VALUE... : LINE");
		return;
	}
	while (rest < body) {
		value = word(&rest);
		from = strtol(value, &end, 10);
		to = from;
		if (*end == '-' && end != value)
			to = strtol(end + 1, &end, 10);
		if (*end) {
			line = substitute(body + 3, &name, &value, 1);
			do_line(r, line);
			free(line);
		} else {
			for (i = from; i <= to; i++) {
				char *v = one;

				snprintf(one, sizeof(one), "%ld", i);
				line = substitute(body + 3, &name, &v, 1);
				do_line(r, line);
				free(line);
			}
		}
		free(value);
	}
	free(name);
}

static void do_call(struct reader *r, const struct def *d, const char *rest)
{
	char *value[ARRAY_SIZE(d->param)];
	char *line;
	int i, n = 0;

	while (*rest && n < (int)ARRAY_SIZE(value))
		value[n++] = word(&rest);
	if (n != d->params) {
		complain(r, "%s takes %d words, not %d", d->name, d->params,
			 n);
		return;
	}
	r->depth++;
	for (i = 0; i < d->lines && r->depth < DEPTH_MAX; i++) {
		line = substitute(d->line[i], d->param, value, n);
		do_line(r, line);
		free(line);
	}
	r->depth--;
	for (i = 0; i < n; i++)
		free(value[i]);
}

static void do_def(struct reader *r, const char *rest)
{
	struct def *d;

	defs = grow(defs, def_count, sizeof(*defs));
	d = &defs[def_count++];
	d->name = word(&rest);
	while (*rest && d->params < (int)ARRAY_SIZE(d->param))
		d->param[d->params++] = word(&rest);
	r->def = d;
	r->test = NULL;
}

static struct fixture *find_fixture(struct reader *r, const char *name)
{
	int i;

	for (i = 0; i < fixture_count; i++)
		if (!strcmp(fixtures[i].name, name))
			return &fixtures[i];
	complain(r, "no fixture is called '%s'", name);
	return NULL;
}

static void do_fixture(struct reader *r, const char *rest)
{
	struct fixture *f, *from;
	char *name = word(&rest);

	fixtures = grow(fixtures, fixture_count, sizeof(*fixtures));
	fixtures[fixture_count].name = name;
	if (*rest) {
		from = find_fixture(r, rest);
		if (from)
			add_settings(&fixtures[fixture_count], from);
	}
	f = &fixtures[fixture_count++];
	r->current = f;
	r->test = NULL;
}

static void do_use(struct reader *r, const char *name)
{
	struct fixture *f = find_fixture(r, name);
	struct fixture old = r->base;
	int i;

	/* "need" of a file applies to all its fixtures. */
	memset(&r->base, 0, sizeof(r->base));
	for (i = 0; i < old.count; i++)
		if (old.setting[i].kind == NEED)
			add_setting(&r->base, NEED, old.setting[i].key, "");
	if (f)
		add_settings(&r->base, f);
	r->test = NULL;
	r->current = NULL;
}

static void do_test(struct reader *r, const char *rest)
{
	struct suite *s = r->suite;
	struct test *t;

	s->test = grow(s->test, s->count, sizeof(*s->test));
	t = &s->test[s->count++];
	t->file = copy(r->path);
	t->line = r->line;
	t->rows = word(&rest);
	t->title = copy(rest);
	add_settings(&t->settings, &r->base);
	r->test = t;
	r->current = &t->settings;
}

static bool do_setting(struct reader *r, const char *key, const char *rest)
{
	static const struct {
		const char *word;
		enum setting_kind kind;
		bool keyed;
	} kinds[] = {
		{ "set", SET, true }, { "add", ADD, true },
		{ "unset", UNSET, true }, { "let", LET, true },
		{ "route", WORLD, false }, { "addr", WORLD, false },
		{ "sysctl", WORLD, false }, { "mtu6", WORLD, false },
		{ "mtu4", WORLD, false }, { "fresh", WORLD, false },
		{ "offload", WORLD, false },
		{ "run", RUN, false }, { "steps", STEPS, false },
		{ "need", NEED, true },
	};
	struct fixture *f = r->current ? r->current : &r->base;
	char *name;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(key, kinds[i].word))
			break;
	if (i == ARRAY_SIZE(kinds))
		return false;
	if (!kinds[i].keyed) {
		add_setting(f, kinds[i].kind, key, rest);
		return true;
	}
	name = word(&rest);
	add_setting(f, kinds[i].kind, name, rest);
	free(name);
	return true;
}

static bool do_step(struct reader *r, const char *key, const char *rest)
{
	static const char *const kinds[] = {
		[IN] = "in", [OUT] = "out", [NONE] = "none",
		[WAIT] = "wait", [COUNTER] = "counter", [CHECK] = "check",
		[BUILD] = "build", [REFUSED] = "refused",
		[CHANGE] = "change", [EXEC] = "exec",
	};
	struct test *t = r->test;
	struct step *s;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(key, kinds[i]))
			break;
	if (i == ARRAY_SIZE(kinds))
		return false;
	if (!t) {
		complain(r, "'%s' outside a test", key);
		return true;
	}
	t->step = grow(t->step, t->steps, sizeof(*t->step));
	s = &t->step[t->steps++];
	s->kind = i;
	s->line = r->line;
	if ((i == IN || i == OUT || i == NONE) && !strncmp(rest, "dev", 3) &&
	    (!rest[3] || isspace((unsigned char)rest[3]))) {
		s->dev = true;
		rest = skip_space(rest + 3);
	}
	s->text = copy(rest);
	return true;
}

static void do_end(struct reader *r)
{
	if (!r->def && !r->current)
		complain(r, "end of nothing");
	r->def = NULL;
	r->current = NULL;
	r->test = NULL;
}

static void do_include(struct reader *r, const char *name)
{
	char *here = copy(r->path);
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", dirname(here), name);
	free(here);
	if (++r->depth > DEPTH_MAX || !read_file(r, path))
		complain(r, "cannot read %s", path);
	r->depth--;
}

static void do_line(struct reader *r, const char *text)
{
	const char *rest = skip_space(text);
	char *key;
	int i;

	if (!*rest)
		return;
	if (r->def && strcmp(rest, "end")) {
		r->def->line = grow(r->def->line, r->def->lines,
				    sizeof(*r->def->line));
		r->def->line[r->def->lines++] = copy(rest);
		return;
	}
	key = word(&rest);
	for (i = 0; i < def_count; i++)
		if (!strcmp(defs[i].name, key))
			break;
	if (i < def_count)
		do_call(r, &defs[i], rest);
	else if (!strcmp(key, "end"))
		do_end(r);
	else if (!strcmp(key, "for"))
		do_for(r, rest);
	else if (!strcmp(key, "def"))
		do_def(r, rest);
	else if (!strcmp(key, "fixture"))
		do_fixture(r, rest);
	else if (!strcmp(key, "use"))
		do_use(r, rest);
	else if (!strcmp(key, "include"))
		do_include(r, rest);
	else if (!strcmp(key, "test"))
		do_test(r, rest);
	else if (!do_setting(r, key, rest) && !do_step(r, key, rest))
		complain(r, "'%s' means nothing", key);
	free(key);
}

/* Cut the line at a '#' at the start of a word; replace white space by blanks.
 */
static void strip(char *line)
{
	char *p;

	for (p = line; *p; p++) {
		if (isspace((unsigned char)*p))
			*p = ' ';
		if (*p == '#' && (p == line || p[-1] == ' '))
			break;
	}
	*p = 0;
	while (p > line && p[-1] == ' ')
		*--p = 0;
}

static bool read_file(struct reader *r, const char *path)
{
	const char *outer_path = r->path;
	int outer_line = r->line;
	char *line = NULL, *whole = copy("");
	size_t size = 0, len, have = 0;
	bool more;
	FILE *f = fopen(path, "r");

	if (!f)
		return false;
	r->path = path;
	r->line = 0;
	while (getline(&line, &size, f) >= 0) {
		r->line++;
		strip(line);
		len = strlen(line);
		more = len && line[len - 1] == '\\';
		if (more)
			line[--len] = 0;
		whole = realloc(whole, have + len + 1);
		if (!whole)
			exit(1);
		memcpy(whole + have, line, len + 1);
		have += len;
		if (more)
			continue;
		do_line(r, whole);
		have = 0;
	}
	if (r->def)
		complain(r, "def %s has no end", r->def->name);
	free(line);
	free(whole);
	fclose(f);
	r->path = outer_path;
	r->line = outer_line;
	return true;
}

int suite_read(struct suite *s, const char *path)
{
	struct reader r = { .suite = s, .path = path };

	fixture_count = 0;
	def_count = 0;
	if (!read_file(&r, path)) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	return r.errors ? -1 : 0;
}
