using System.Text;
using Delivery.Protocol.Log;

namespace Delivery.Tests.Log;

public sealed class LeafTests
{
    [Fact]
    public void Every_type_of_leaf_is_written_and_read_back()
    {
        foreach (var draft in SampleLeaves.All)
        {
            var leaf = Leaf.Parse(Leaf.Compose(draft, SampleLeaves.Origin, 7, SampleLeaves.TimestampMs));
            Assert.Equal(draft.Type, leaf.Type);
            Assert.Equal((SampleLeaves.Origin, 7L, SampleLeaves.TimestampMs), (leaf.Origin, leaf.Index, leaf.TimestampMs));
            Assert.Equal(draft.Actor, leaf.Actor);
            Assert.Equal((draft.ProjectId, draft.ExtractId), (leaf.ProjectId, leaf.ExtractId));
        }
    }

    [Fact]
    public void The_bytes_of_a_release_are_these_and_stay_these()
    {
        var zero = new LogHash(new byte[LogHash.SizeBytes]);
        var draft = LeafDraft.RangeReleased(new("DST", "dst-ingestion", zero), "P-17", "X-4", zero, 0, 16, 4096, zero);
        var hex = new string('0', 64);
        Assert.Equal(
            $$"""
            {"actor":{"organisation":"DST","role":"dst-ingestion","spki_sha256":"{{hex}}"},"call_id":"{{hex}}","extract_id":"X-4","from_batch":0,"index":9,"origin":"log.delivery.example/test","project_id":"P-17","running_digest":"{{hex}}","sealed_size_bytes":4096,"t":"range.released","to_batch":16,"ts_ms":1790000000000,"v":1}
            """,
            Encoding.ASCII.GetString(Leaf.Compose(draft, SampleLeaves.Origin, 9, SampleLeaves.TimestampMs)));
    }

    [Fact]
    public void A_leaf_gives_its_values_with_their_types()
    {
        var leaf = Leaf.Parse(SampleLeaves.Compose(LeafType.DeletionConfirmed));
        Assert.Equal(["H-1", "H-2"], leaf.Texts("holding_ids"));
        Assert.Equal("2026-03-01", leaf.Text("confirmed_on"));
        Assert.Equal(SampleLeaves.Digest("evidence"), leaf.Hash("evidence_commitment"));
        Assert.Equal(32, Leaf.Parse(SampleLeaves.Compose(LeafType.RangeReleased)).Number("to_batch"));
    }

    [Fact]
    public void Wire_names_are_unique_and_lead_back_to_their_types()
    {
        foreach (var type in Enum.GetValues<LeafType>())
        {
            Assert.True(LeafTypeNames.TryParse(type.WireName(), out var found));
            Assert.Equal(type, found);
        }

        Assert.Equal(28, Enum.GetValues<LeafType>().DistinctBy(type => type.WireName()).Count());
        Assert.False(LeafTypeNames.TryParse("RangeReleased", out _));
    }

    [Fact]
    public void No_field_of_any_form_hides_one_that_every_leaf_has()
    {
        string[] common = ["v", "t", "ts_ms", "origin", "index", "actor"];
        foreach (var type in Enum.GetValues<LeafType>())
        {
            var names = LeafForms.Of(type).AllFields().Select(field => field.Name).ToList();
            Assert.Equal(type, LeafForms.Of(type).Type);
            Assert.Empty(names.Intersect(common));
            Assert.Equal(names.Count, names.Distinct().Count());
        }
    }

    [Fact]
    public void A_leaf_with_a_field_missing_is_refused()
    {
        foreach (var type in Enum.GetValues<LeafType>())
        {
            var together = LeafForms.Of(type).Together;
            foreach (var name in SampleLeaves.Members(type).Keys)
            {
                var field = LeafForms.Of(type).AllFields().SingleOrDefault(field => field.Name == name);
                var bytes = SampleLeaves.Altered(type, members => members.Remove(name));
                if (field is { Optional: true } && together is null)
                {
                    Assert.False(Leaf.Parse(bytes).Has(name));
                }
                else
                {
                    Assert.Throws<LeafException>(() => Leaf.Parse(bytes));
                }
            }
        }
    }

    [Fact]
    public void A_leaf_with_a_field_too_many_is_refused()
    {
        foreach (var type in Enum.GetValues<LeafType>())
        {
            var bytes = SampleLeaves.Altered(type, members => members.Add("remark", new JsonText("x")));
            Assert.Equal(LeafException.FieldUnknown, Assert.Throws<LeafException>(() => Leaf.Parse(bytes)).Code);
        }
    }

    [Fact]
    public void A_value_of_another_shape_is_refused_in_every_field()
    {
        JsonValue[] wrong =
        [
            new JsonBoolean(true), new JsonInteger(-1), new JsonText(string.Empty), new JsonText("two words"),
            new JsonText(new string('A', 65)), new JsonArray([]), new JsonObject(),
        ];
        foreach (var type in Enum.GetValues<LeafType>())
        {
            foreach (var name in SampleLeaves.Members(type).Keys)
            {
                foreach (var value in wrong)
                {
                    var bytes = SampleLeaves.Altered(type, members => members[name] = value);
                    Assert.Throws<LeafException>(() => Leaf.Parse(bytes));
                }
            }
        }
    }

    [Fact]
    public void Ranges_and_periods_run_forwards()
    {
        Assert.Equal(LeafException.FieldOrder, Fault(LeafType.RangeReleased, "to_batch", new JsonInteger(16)));
        Assert.Equal(LeafException.FieldOrder, Fault(LeafType.ApprovalPushed, "valid_to", new JsonText("2024-12-31")));
        Assert.Equal(LeafException.FieldOrder, Fault(LeafType.RecipientKeyRetired, "not_after_ms", new JsonInteger(5)));
        Assert.Equal(LeafException.FieldShapeWrong, Fault(LeafType.ApprovalPushed, "valid_to", new JsonText("2027-02-29")));
        Assert.Equal(LeafException.FieldShapeWrong, Fault(LeafType.ResultsPublished, "school_year", new JsonText("2023/2025")));
    }

    [Fact]
    public void A_set_has_one_form()
    {
        JsonValue[] wrong =
        [
            new JsonArray([new JsonText("H-2"), new JsonText("H-1")]),
            new JsonArray([new JsonText("H-1"), new JsonText("H-1")]),
            new JsonArray([.. Enumerable.Range(1000, 257).Select(at => new JsonText("H-" + at))]),
        ];
        Assert.All(wrong, value =>
            Assert.Equal(LeafException.FieldShapeWrong, Fault(LeafType.DeletionConfirmed, "holding_ids", value)));
    }

    [Fact]
    public void An_unknown_version_or_type_is_refused()
    {
        Assert.Equal(LeafException.VersionUnknown, Fault(LeafType.Receipt, "v", new JsonInteger(2)));
        Assert.Equal(LeafException.TypeUnknown, Fault(LeafType.Receipt, "t", new JsonText("receipt.lost")));
        Assert.Equal(LeafException.NotCanonical, Assert.Throws<LeafException>(() => Leaf.Parse("[]"u8)).Code);
        Assert.Equal(LeafException.NotCanonical, Assert.Throws<LeafException>(() => Leaf.Parse("{ }"u8)).Code);
    }

    [Fact]
    public void Every_altered_bit_is_refused_or_is_another_leaf_in_its_one_form()
    {
        foreach (var type in Enum.GetValues<LeafType>())
        {
            var bytes = SampleLeaves.Compose(type);
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                var altered = (byte[])bytes.Clone();
                altered[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.NotEqual(LogHash.Leaf(bytes), LogHash.Leaf(altered));
                if (Reads(altered))
                {
                    Assert.Equal(altered, CanonicalJson.Write(CanonicalJson.Parse(altered)));
                }
            }
        }
    }

    [Fact]
    public void No_field_ends_in_a_line_feed()
    {
        foreach (var (shape, text) in new[]
        {
            (FieldShape.Code, "APPROVED"), (FieldShape.Id, "UNI-2026-017"), (FieldShape.Hash, new string('a', 64)), (FieldShape.SchoolYear, "2014/2015"),
        })
        {
            Assert.True(FieldShapes.Fits(shape, new JsonText(text)));
            Assert.False(FieldShapes.Fits(shape, new JsonText(text + "\n")), $"{shape}");
        }
    }

    private static bool Reads(byte[] bytes)
    {
        try
        {
            Leaf.Parse(bytes);
            return true;
        }
        catch (LeafException)
        {
            return false;
        }
    }

    private static string Fault(LeafType type, string field, JsonValue value)
    {
        var bytes = SampleLeaves.Altered(type, members => members[field] = value);
        return Assert.Throws<LeafException>(() => Leaf.Parse(bytes)).Code;
    }
}
