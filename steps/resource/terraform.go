package resource

import (
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"snapferry/awsx/awsid"
	"snapferry/steps"
)

// terraform gathers the blocks of one change.
type terraform struct {
	file  *hclwrite.File
	place Place
}

func newTerraform(p Place) *terraform { return &terraform{file: hclwrite.NewEmptyFile(), place: p} }

func (t *terraform) String() string { return string(hclwrite.Format(t.file.Bytes())) }

var noLabel = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// label makes a Terraform name of any name.
func label(name string) string {
	if arn, err := awsid.ParseARN(name); err == nil {
		name = arn.Name()
	}
	l := strings.Trim(noLabel.ReplaceAllString(name, "_"), "_")
	if l == "" || (l[0] >= '0' && l[0] <= '9') || l[0] == '-' {
		l = "_" + l
	}
	return l
}

// existing adds an import block where the change is to something that is there:
// without it Terraform would make a second one, or overwrite unseen.
func (t *terraform) existing(c steps.Change, kind, name, id string) {
	if !c.Before.Exists() {
		return
	}
	b := t.add("import")
	b.SetAttributeRaw("to", hclwrite.TokensForIdentifier(kind+"."+label(name)))
	b.SetAttributeValue("id", cty.StringVal(id))
}

// add appends a block, with an empty line before all but the first.
func (t *terraform) add(kind string, labels ...string) *hclwrite.Body {
	if len(t.file.Body().Blocks()) > 0 {
		t.file.Body().AppendNewline()
	}
	return t.file.Body().AppendNewBlock(kind, labels).Body()
}

// block appends a resource.
func (t *terraform) block(kind, name string, fill func(*tfBody)) {
	fill(&tfBody{t.add("resource", kind, label(name))})
}

// tfBody writes attributes; empty ones are left out.
type tfBody struct{ body *hclwrite.Body }

func (b *tfBody) text(name, value string) {
	if value != "" {
		b.body.SetAttributeValue(name, cty.StringVal(value))
	}
}

func (b *tfBody) yes(name string, value bool) { b.body.SetAttributeValue(name, cty.BoolVal(value)) }

// ref sets an attribute to another resource's attribute.
func (b *tfBody) ref(name, kind, of, attribute string) {
	b.body.SetAttributeRaw(name, hclwrite.TokensForIdentifier(kind+"."+label(of)+"."+attribute))
}

func (b *tfBody) nested(name string, fill func(*tfBody)) {
	fill(&tfBody{b.body.AppendNewBlock(name, nil).Body()})
}

// tags writes a map; none at all is left out, so that no empty map claims them.
func (b *tfBody) tags(tags map[string]string) {
	if len(tags) == 0 {
		return
	}
	values := map[string]cty.Value{}
	for k, v := range tags {
		values[k] = cty.StringVal(v)
	}
	b.body.SetAttributeValue("tags", cty.MapVal(values))
}

// json writes a document as jsonencode({…}), which people can read and edit.
func (b *tfBody) json(name string, doc steps.Doc) {
	t, err := ctyjson.ImpliedType([]byte(doc))
	if err != nil {
		b.text(name, string(doc))
		return
	}
	v, err := ctyjson.Unmarshal([]byte(doc), t)
	if err != nil {
		b.text(name, string(doc))
		return
	}
	b.body.SetAttributeRaw(name, hclwrite.TokensForFunctionCall("jsonencode", hclwrite.TokensForValue(v)))
}
