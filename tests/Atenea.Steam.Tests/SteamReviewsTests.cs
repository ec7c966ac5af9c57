using System.Globalization;
using System.Text.Json;
using Atenea.Data;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Hub.Tests;

namespace Atenea.Steam.Tests;

/// <summary>Reviews from a server that plays the store: 250 reviews in pages of a hundred, the last page repeats its cursor.</summary>
public sealed class SteamReviewsTests : IDisposable
{
    private const int Reviews = 250;

    private readonly FakeServer _store;
    private readonly TemporaryFolder _folder = new();
    private Func<FakeRequest, FakeResponse?> _intercept = _ => null;
    private int _newer;

    public SteamReviewsTests() => _store = new FakeServer("127.0.0.1", r => _intercept(r) ?? Page(r));

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Reviews_are_read_page_by_page_until_there_are_enough()
    {
        SteamDownload done = await DownloadAsync(120);
        Assert.Equal(new SteamDownload(120, 120, false), done);
        Dataset rows = Dataset.Read(PathOf("out.csv"));
        Assert.Equal(["recommendationid", "app_id", "label", "review"], rows.Columns.Take(4));
        Assert.Equal(Enumerable.Range(0, 120).Select(i => i.ToString(CultureInfo.InvariantCulture)), Column(rows, "recommendationid"));
        Assert.Equal(TextOf(7), Column(rows, "review")[7]);
        string[] seventh = [.. new[] { "app_id", "label", "author_playtime_forever", "language" }.Select(name => Column(rows, name)[7]!)];
        Assert.Equal(["322170", "0", "7007", "spanish"], seventh);
        Assert.Equal("1", Column(rows, "label")[6]);
        FakeRequest first = _store.Requests.First();
        Assert.Equal("/appreviews/322170", first.Path);
        Assert.Equal(
            "json=1&cursor=%2A&num_per_page=100&filter=recent&language=spanish&review_type=all&purchase_type=all", first.Query);
        Assert.Contains("cursor=AoJ%2B%2F100%3D%3D&", _store.Requests.Last().Query, StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf("out.csv.partial")));
    }

    [Fact]
    public async Task The_end_is_a_cursor_that_comes_back_and_a_later_run_adds_what_is_newer()
    {
        Assert.Equal(new SteamDownload(Reviews, Reviews, true), await DownloadAsync(1000));
        _newer = 3;
        Assert.Equal(new SteamDownload(Reviews + 3, 3, true), await DownloadAsync(1000));
        AssertDistinct(Reviews + 3);
    }

    [Theory]
    [InlineData(1, 250)]
    [InlineData(100, 101)]
    [InlineData(150, 160)]
    [InlineData(150, 150)]
    public async Task A_larger_count_goes_on_where_the_smaller_stopped(int first, int second)
    {
        await DownloadAsync(first);
        SteamDownload done = await DownloadAsync(second);
        Assert.Equal((second, second - first), (done.Rows, done.NewRows));
        AssertDistinct(second);
    }

    [Fact]
    public async Task A_run_that_was_stopped_or_killed_goes_on_without_doubles()
    {
        using (var stop = new CancellationTokenSource())
        {
            _intercept = r =>
            {
                if (_store.Requests.Count == 3) stop.Cancel();
                return null;
            };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DownloadAsync(Reviews, stop.Token));
        }

        Assert.False(File.Exists(PathOf("out.csv")));
        // A kill in the middle of a page leaves half of it behind the bytes that the state knows.
        File.AppendAllText(PathOf("out.csv.partial"), "199,322170,1,\"half a rev");
        _intercept = _ => null;
        int before = _store.Requests.Count;
        SteamDownload done = await DownloadAsync(Reviews);
        Assert.Equal((Reviews, 50), (done.Rows, done.NewRows));
        Assert.Equal(1, _store.Requests.Count - before);
        AssertDistinct(Reviews);
    }

    [Fact]
    public async Task Trouble_is_waited_out()
    {
        int count = 0;
        _intercept = r => (Interlocked.Increment(ref count) % 5) switch
        {
            1 => new FakeResponse(429) { Headers = { ["Retry-After"] = "0" } },
            2 => new FakeResponse(502),
            3 => FakeResponse.Json("null"),
            4 => FakeResponse.Json("""{"success": 2}"""),
            _ => null,
        };
        Assert.Equal(Reviews, (await DownloadAsync(Reviews)).Rows);
        AssertDistinct(Reviews);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    public async Task What_does_not_pass_is_told(int status)
    {
        _intercept = _ => new FakeResponse(status);
        Assert.Equal("ATN0470", (await Assert.ThrowsAsync<AteneaException>(() => DownloadAsync(10))).Code.Id);
        Assert.False(File.Exists(PathOf("out.csv")));
        _intercept = _ => FakeResponse.Json("<html>");
        Assert.Equal("ATN0470", (await Assert.ThrowsAsync<AteneaException>(() => DownloadAsync(10))).Code.Id);
    }

    [Fact]
    public async Task The_file_of_another_query_is_not_touched()
    {
        await DownloadAsync(5);
        string before = File.ReadAllText(PathOf("out.csv"));
        using SteamReviews reviews = Create();
        string foreign = _folder.Write("foreign.csv", "a,b\n");
        foreach (string output in new[] { PathOf("out.csv"), foreign })
        {
            var error = await Assert.ThrowsAsync<AteneaException>(() => reviews.DownloadAsync(new SteamQuery(1), 5, output));
            Assert.Equal("ATN0471", error.Code.Id);
        }

        Assert.Equal(before, File.ReadAllText(PathOf("out.csv")));
        Assert.Equal("a,b\n", File.ReadAllText(foreign));
    }

    [Fact]
    public async Task An_app_without_reviews_gives_an_empty_table()
    {
        _intercept = _ => FakeResponse.Json("""{"success": 1, "reviews": [], "cursor": "*"}""");
        Assert.Equal(new SteamDownload(0, 0, true), await DownloadAsync(10));
        Assert.Single(File.ReadAllLines(PathOf("out.csv")));
    }

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private static string TextOf(int i) => (i % 5) switch
    {
        0 => "plain",
        1 => "with, comma and \"quotes\"",
        2 => "two\nlines\n\n\"of text",
        3 => "lone\rreturn",
        _ => "ñandú 日本 🙂",
    };

    // The cursor after n reviews is "AoJ+/n==", which must be escaped in an address. Newer reviews come before the others.
    private FakeResponse Page(FakeRequest request)
    {
        const string Key = "cursor=";
        string argument = request.Query.Split('&').Single(q => q.StartsWith(Key, StringComparison.Ordinal));
        string cursor = Uri.UnescapeDataString(argument[Key.Length..]);
        int start = cursor == "*" ? 0 : int.Parse(cursor[5..^2], CultureInfo.InvariantCulture);
        int[] all = [.. Enumerable.Range(Reviews, _newer), .. Enumerable.Range(0, Reviews)];
        int[] page = [.. all.Skip(start).Take(100)];
        return FakeResponse.Json(JsonSerializer.Serialize(new
        {
            success = 1,
            query_summary = new { num_reviews = page.Length },
            reviews = page.Select(i => new
            {
                recommendationid = i.ToString(CultureInfo.InvariantCulture),
                author = new { steamid = $"7656{i}", playtime_forever = 7000 + i },
                language = "spanish",
                review = TextOf(i),
                timestamp_created = 1_600_000_000 + i,
                voted_up = i % 2 == 0,
                votes_up = i,
                weighted_vote_score = "0.5",
            }),
            cursor = page.Length == 0 ? cursor : $"AoJ+/{start + page.Length}==",
        }));
    }

    private SteamReviews Create()
    {
        var retry = new RetryOptions { BaseDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(2) };
        return new SteamReviews(retry, endpoint: _store.Address) { Pause = TimeSpan.Zero };
    }

    private async Task<SteamDownload> DownloadAsync(int count, CancellationToken cancellation = default)
    {
        using SteamReviews reviews = Create();
        return await reviews.DownloadAsync(new SteamQuery(322170) { Language = "spanish" }, count, PathOf("out.csv"), null, cancellation);
    }

    private void AssertDistinct(int count)
    {
        string?[] ids = Column(Dataset.Read(PathOf("out.csv")), "recommendationid");
        Assert.Equal(count, ids.Length);
        Assert.Equal(count, ids.Distinct().Count());
    }

    private static string?[] Column(Dataset rows, string name) => [.. rows.Column(name)];
}
