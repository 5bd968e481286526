# SPDX-License-Identifier: GPL-2.0-only
# Copy KTAP to standard output, and write the counts of its results to the file
# OUT as "passed failed skipped". A result that sums up indented ones is counted
# only if it failed and none of them did. Missing results, no results at all,
# and skips whose reason is not in SKIPS (separated by ";") are failures. The
# reason in "1..0 # SKIP REASON" overrides that of the result that sums it up.

BEGIN {
	n = split(SKIPS, reasons, / *; */)
	for (i = 1; i <= n; i++)
		permitted[reasons[i]] = 1
}

function indent(line)
{
	match(line, /^ */)
	return RLENGTH
}

function complain(what)
{
	print "# " what
	fail++
}

# close_level(D): level D ends at a line with less indentation, or at the end.
function close_level(d)
{
	if (d in plan && seen[d] < plan[d])
		complain(plan[d] - seen[d] " results are missing")
	delete plan[d]
	delete seen[d]
}

function close_deeper(d, i)
{
	for (i = deepest; i > d; i--)
		close_level(i)
	deepest = d
}

# reason_of(LINE): the reason of a skip.
function reason_of(line)
{
	if (!sub(/.*# *(SKIP|skip) */, "", line) || line == "")
		return "no reason given"
	sub(/[ \r]+$/, "", line)
	return line
}

function count_skip(reason)
{
	if (reason in permitted)
		skip++
	else
		complain("skipped, which is not permitted here: " reason)
}

{ print; fflush() }

/^ *1\.\.[0-9]+/ {
	d = indent($0)
	if (d > deepest)
		deepest = d
	empty = $1 == "1..0" ? reason_of($0) : ""
	sub(/^ *1\.\./, "")
	plan[d] = $0 + 0
	next
}

/^ *Bail out!/ { fail++ }

/^ *(not )?ok [0-9]+/ {
	d = indent($0)
	bad = $1 == "not"
	inner = inner_bad = 0
	for (i in results)
		if (i + 0 > d) {
			inner += results[i]
			inner_bad += bads[i]
			delete results[i]
			delete bads[i]
		}
	close_deeper(d)
	seen[d]++
	results[d]++
	bads[d] += bad
	if (inner) {
		if (bad && !inner_bad)
			fail++
	} else if (bad) {
		fail++
	} else if (empty) {
		count_skip(empty)
	} else if (/# *(SKIP|skip)/) {
		count_skip(reason_of($0))
	} else {
		pass++
	}
	empty = ""
}

END {
	close_deeper(-1)
	if (pass + fail + skip == 0)
		complain("no results at all")
	print pass + 0, fail + 0, skip + 0 >OUT
}
