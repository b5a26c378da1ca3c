using Grpc.Core;

namespace Delivery.Tests.Compat;

/// <summary>Headers and trailers: what may be in them, and that they travel unharmed.</summary>
public sealed class HeaderTests
{
    [Fact]
    public async Task Text_and_bytes_travel_both_ways_in_headers_and_trailers()
    {
        await using var server = await EchoServer.StartAsync();
        var sent = new Metadata
        {
            { "Echo-Text", "plain words" },
            { "echo-many", "first" },
            { "echo-many", "second" },
            { "echo-all-bin", EchoWatch.EveryByte },
        };

        using var call = server.Client().Reverse([1], new CallOptions(sent));
        await call;

        foreach (var returned in new[] { await call.ResponseHeadersAsync, call.GetTrailers() })
        {
            Assert.Equal("plain words", returned.GetValue("echo-text"));
            // Repeated text is one field to HTTP, joined by a comma (RFC 9110, section 5.3).
            Assert.Equal("first, second", returned.GetValue("echo-many"));
            Assert.Equal(EchoWatch.EveryByte, returned.GetValueBytes("echo-all-bin"));
        }
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("new\nline")]
    [InlineData("colon:")]
    [InlineData("æ")]
    public void A_key_outside_the_alphabet_is_refused(string key)
    {
        Assert.Throws<ArgumentException>(() => new Metadata.Entry(key, "value"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry(key + "-bin ", [1]));
    }

    [Fact]
    public void A_key_says_whether_its_value_is_text_or_bytes()
    {
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("seal-bin", "text"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("SEAL-BIN", "text"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("seal", [1]));

        Assert.True(new Metadata.Entry("SEAL-bin", [1]).IsBinary);
        Assert.False(new Metadata.Entry("seal", "text").IsBinary);
    }

    [Fact]
    public void Bytes_in_an_entry_are_out_of_reach()
    {
        byte[] given = [1, 2];
        var entry = new Metadata.Entry("seal-bin", given);

        given[0] = 9;
        entry.ValueBytes[1] = 9;

        Assert.Equal([1, 2], entry.ValueBytes);
        Assert.Throws<InvalidOperationException>(() => entry.Value);
        Assert.Equal("ab"u8.ToArray(), new Metadata.Entry("word", "ab").ValueBytes);
    }

    [Fact]
    public void Keys_ignore_case_and_the_last_entry_counts()
    {
        var headers = new Metadata { { "Key", "first" }, { "kEY", "last" } };

        Assert.Equal("key", headers[0].Key);
        Assert.Equal("last", headers.GetValue("KEY"));
        Assert.Null(headers.Get("other"));
        Assert.Null(headers.GetValue("other"));
        Assert.Null(headers.GetValueBytes("other"));
        Assert.Empty(headers.GetAll("other"));
    }

    [Fact]
    public void The_empty_headers_that_all_share_stay_empty()
    {
        Assert.True(Metadata.Empty.IsReadOnly);
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("key", "value"));
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Clear());
        Assert.Empty(Metadata.Empty);
    }

    [Fact]
    public void Headers_are_a_list_in_order()
    {
        var second = new Metadata.Entry("b", "2");
        var headers = new Metadata { { "a", "1" }, { "c", "3" } };

        headers.Insert(1, second);
        Assert.Equal("abc", string.Concat(headers.Select(entry => entry.Key)));
        Assert.Equal(1, headers.IndexOf(second));
        Assert.True(headers.Remove(second));
        Assert.DoesNotContain(second, headers);
        headers.RemoveAt(0);
        Assert.Equal("c", Assert.Single(headers).Key);
        Assert.Throws<ArgumentNullException>(() => headers.Add(null!));
    }
}
