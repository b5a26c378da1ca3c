using System.Xml.Linq;

namespace Delivery.Tests.Documentation;

/// <summary>
/// What the schema of DDI Codebook 2.5 asks of the elements we write, read off that schema: children in their only order, how often each may come,
/// and attributes. An element or attribute that is not here is one we do not write.
/// </summary>
internal static class DdiStructure
{
    public static readonly XNamespace Namespace = "ddi:codebook:2_5";

    // A child with + must come and may come again, with * may come any number of times, with ? once at most, with ! exactly once. An attribute
    // with ! must be there. #text stands for text.
    private static readonly Dictionary<string, (string Children, string Attributes)> Elements = new(StringComparer.Ordinal)
    {
        ["codeBook"] = ("docDscr* stdyDscr+ fileDscr* dataDscr* otherMat*", "version codeBookAgency"),
        ["stdyDscr"] = ("citation+ studyAuthorization* stdyInfo* studyDevelopment* method* dataAccs* othrStdyMat* notes*", "access"),
        ["citation"] = ("titlStmt! rspStmt? prodStmt? distStmt? serStmt* verStmt* biblCit? holdings* notes*", "MARCURI"),
        ["titlStmt"] = ("titl! subTitl* altTitl* parTitl* IDNo*", ""),
        ["rspStmt"] = ("AuthEnty* othId*", ""),
        ["prodStmt"] = ("producer* copyright? prodDate* prodPlac* software* fundAg* grantNo*", ""),
        ["distStmt"] = ("distrbtr* contact* depositr* depDate* distDate*", ""),
        ["stdyInfo"] = ("studyBudget* subject* abstract* sumDscr* qualityStatement? notes* exPostEvaluation*", ""),
        ["sumDscr"] = ("timePrd* collDate* nation* geogCover* geogUnit* geoBndBox? boundPoly? anlyUnit* universe* dataKind*", ""),
        ["qualityStatement"] = ("standardsCompliance* otherQualityStatement*", ""),
        ["dataAccs"] = ("setAvail* useStmt* notes*", ""),
        ["useStmt"] = ("confDec? specPerm? restrctn? contact* citReq? deposReq? conditions? disclaimer?", ""),
        ["fileDscr"] = ("fileTxt* locMap? notes*", "URI sdatrefs methrefs pubrefs access"),
        ["fileTxt"] = ("fileName? fileCitation? fileCont? fileStrc? dimensns? fileType? format? filePlac? dataChck* ProcStat? dataMsng? software* verStmt?", ""),
        ["dimensns"] = ("caseQnty* varQnty* logRecL* recPrCas* recNumTot*", ""),
        ["dataDscr"] = ("varGrp* nCubeGrp* var* nCube* notes*", ""),
        ["var"] = (
            "location* labl* imputation? security? embargo? respUnit? anlysUnit? qstn* valrng* invalrng* undocCod* universe* TotlResp? sumStat* txt* stdCatgry* catgryGrp* catgry* codInstr* verStmt* concept* derivation? varFormat? geoMap* catLevel* notes*",
            "name! wgt wgt-var weight qstn files vendor dcml intrvl rectype sdatrefs methrefs pubrefs access measUnit scale origin nature representationType"),
        ["valrng"] = ("item* range* key? notes*", ""),
        ["range"] = ("", "UNITS min minExclusive max maxExclusive"),
        ["catgry"] = ("catValu? labl* txt* catStat* mrow?", "missing missType country sdatrefs excls catgry level"),
        ["varFormat"] = ("#text", "type formatname schema otherSchema category otherCategory URI"),
        ["labl"] = ("#text", "level vendor country sdatrefs"),
        ["txt"] = ("#text", "level sdatrefs"),
        ["notes"] = ("#text", "type subject level resp sdatrefs parent sameNote"),
        ["titl"] = ("#text", ""),
        ["parTitl"] = ("#text", ""),
        ["IDNo"] = ("#text", "agency level"),
        ["AuthEnty"] = ("#text", "affiliation"),
        ["prodDate"] = ("#text", "date"),
        ["distrbtr"] = ("#text", "abbr affiliation URI"),
        ["abstract"] = ("#text", "date contentType"),
        ["timePrd"] = ("#text", "date event cycle"),
        ["nation"] = ("#text", "abbr"),
        ["anlyUnit"] = ("#text", "unit"),
        ["universe"] = ("#text", "level clusion"),
        ["dataKind"] = ("#text", "type"),
        ["otherQualityStatement"] = ("#text", ""),
        ["confDec"] = ("#text", "required formNo URI"),
        ["conditions"] = ("#text", ""),
        ["disclaimer"] = ("#text", ""),
        ["fileName"] = ("#text", ""),
        ["fileCont"] = ("#text", ""),
        ["varQnty"] = ("#text", ""),
        ["fileType"] = ("#text", "charset"),
        ["security"] = ("#text", "date"),
        ["catValu"] = ("#text", ""),
        ["concept"] = ("#text", "vocab vocabURI"),
    };

    private static readonly Dictionary<string, string[]> Words = new(StringComparer.Ordinal)
    {
        ["intrvl"] = ["contin", "discrete"],
        ["UNITS"] = ["INT", "REAL"],
        ["event"] = ["start", "end", "single"],
        ["required"] = ["yes", "no"],
        ["schema"] = ["SAS", "SPSS", "IBM", "ANSI", "ISO", "XML-Data", "other"],
    };

    /// <summary>What a document does otherwise than the standard asks; empty for one that keeps to it.</summary>
    public static IReadOnlyList<string> Wrong(XDocument document)
    {
        var wrong = new List<string>();
        if (document.Root!.Name != Namespace + "codeBook" || document.Root.Attribute("version")?.Value != "2.5")
        {
            wrong.Add("the root is not a codebook of version 2.5");
        }

        foreach (var element in document.Root.DescendantsAndSelf())
        {
            wrong.AddRange(Wrong(element));
        }

        var ids = document.Descendants().Attributes("ID").Select(id => id.Value).ToList();
        wrong.AddRange(ids.GroupBy(id => id).Where(id => id.Count() > 1).Select(id => $"two elements are {id.Key}"));
        wrong.AddRange(document.Descendants().Attributes("files").SelectMany(files => files.Value.Split(' ')).Except(ids).Select(id => $"nothing is {id}"));
        return wrong;
    }

    private static IEnumerable<string> Wrong(XElement element)
    {
        if (element.Name.Namespace != Namespace || !Elements.TryGetValue(element.Name.LocalName, out var form))
        {
            return [$"{element.Name} is no element of ours"];
        }

        return Attributes(element, form.Attributes).Concat(form.Children == "#text"
            ? element.HasElements || string.IsNullOrWhiteSpace(element.Value) ? [$"{element.Name.LocalName} is no text"] : []
            : Children(element, form.Children));
    }

    private static IEnumerable<string> Attributes(XElement element, string allowed)
    {
        var names = allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(name => name.TrimEnd('!'), name => name.EndsWith('!'));
        foreach (var attribute in element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration && attribute.Name != XNamespace.Xml + "lang" && attribute.Name != "ID"))
        {
            if (!names.ContainsKey(attribute.Name.LocalName))
            {
                yield return $"{element.Name.LocalName} has no attribute {attribute.Name}";
            }
            else if (Words.TryGetValue(attribute.Name.LocalName, out var words) && !words.Contains(attribute.Value))
            {
                yield return $"{attribute.Name} is not {attribute.Value}";
            }
        }

        foreach (var missing in names.Where(name => name.Value && element.Attribute(name.Key) is null))
        {
            yield return $"{element.Name.LocalName} lacks {missing.Key}";
        }
    }

    private static IEnumerable<string> Children(XElement element, string order)
    {
        var children = element.Elements().Select(child => child.Name.LocalName).ToList();
        var at = 0;
        foreach (var item in order.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, often) = (item[..^1], item[^1]);
            var count = children.Skip(at).TakeWhile(child => child == name).Count();
            at += count;
            if ((often is '?' or '!' && count > 1) || (often is '+' or '!' && count == 0))
            {
                yield return $"{element.Name.LocalName} has {count} of {name}";
            }
        }

        if (at < children.Count)
        {
            yield return $"{element.Name.LocalName} has {children[at]} where it may not stand";
        }

        if (element.Nodes().OfType<XText>().Any(text => !string.IsNullOrWhiteSpace(text.Value)))
        {
            yield return $"{element.Name.LocalName} has text of its own";
        }
    }
}
