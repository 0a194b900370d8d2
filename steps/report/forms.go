package report

import (
	"bufio"
	"fmt"
	"html"
	"io"
	"strings"

	"snapferry/steps"
)

// Markdown writes the report for a wiki or a pull request.
func (r Report) Markdown(to io.Writer) error {
	out := bufio.NewWriter(to) // which remembers the first error
	// Everything goes through say, so that nothing gets past mask or escaping.
	say := func(t steps.Text) string { return markdown.Replace(r.say(t)) }
	p := r.page()
	fmt.Fprintf(out, "# %s\n", say(p.title))
	paragraphs := func(lines []steps.Text) {
		for _, l := range lines {
			fmt.Fprintf(out, "\n%s\n", say(l))
		}
	}
	row := func(cells []steps.Text) {
		for _, c := range cells {
			fmt.Fprintf(out, "| %s ", say(c))
		}
		out.WriteString("|\n")
	}
	paragraphs(p.lead)
	for _, s := range p.sections {
		fmt.Fprintf(out, "\n## %s\n", say(s.title))
		paragraphs(s.lines)
		if s.rows != nil {
			out.WriteString("\n")
			row(s.head)
			out.WriteString(strings.Repeat("| --- ", len(s.head)) + "|\n")
			for cells := range s.rows {
				row(cells)
			}
		}
		if len(s.list) > 0 {
			out.WriteString("\n")
		}
		for _, l := range s.list {
			fmt.Fprintf(out, "- %s\n", say(l))
		}
	}
	return out.Flush()
}

// markdown keeps words from outside from being taken for Markdown or HTML.
var markdown = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "[", `\[`, "|", `\|`, "<", "&lt;", "\r", " ", "\n", " ",
)

// say renders words and hides what is to be hidden, before anything is escaped.
func (r Report) say(t steps.Text) string { return r.o.Mask.Mask(r.o.Say(t)) }

// style is all there is to it: no script, no font, nothing fetched.
const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
table{border-collapse:collapse;margin:1rem 0}th,td{border:1px solid #ccc;padding:.3rem .6rem;text-align:left;vertical-align:top}
th{background:#f3f3f3}h2{margin-top:2rem}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}th{background:#282828}th,td{border-color:#444}}`

// HTML writes one self-contained page without scripts.
func (r Report) HTML(to io.Writer) error {
	out := bufio.NewWriter(to)
	element := func(tag string, t steps.Text) {
		fmt.Fprintf(out, "<%s>%s</%s>\n", tag, html.EscapeString(r.say(t)), tag)
	}
	each := func(tag string, ts []steps.Text) {
		for _, t := range ts {
			element(tag, t)
		}
	}
	p := r.page()
	out.WriteString("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width\"/>\n")
	element("title", p.title)
	fmt.Fprintf(out, "<style>%s</style>\n</head>\n<body>\n", style)
	element("h1", p.title)
	each("p", p.lead)
	for _, s := range p.sections {
		element("h2", s.title)
		each("p", s.lines)
		if s.rows != nil {
			out.WriteString("<table>\n<tr>\n")
			each("th", s.head)
			for cells := range s.rows {
				out.WriteString("</tr>\n<tr>\n")
				each("td", cells)
			}
			out.WriteString("</tr>\n</table>\n")
		}
		if len(s.list) > 0 {
			out.WriteString("<ul>\n")
			each("li", s.list)
			out.WriteString("</ul>\n")
		}
	}
	out.WriteString("</body>\n</html>\n")
	return out.Flush()
}
