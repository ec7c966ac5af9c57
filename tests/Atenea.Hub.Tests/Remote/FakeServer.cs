using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Atenea.Hub.Tests;

/// <summary>One request as it came over the wire.</summary>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Path">Path without the query, still escaped.</param>
/// <param name="Query">Query without its question mark.</param>
/// <param name="Headers">Header lines, names in any case.</param>
internal sealed record FakeRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>First byte asked for, 0 without a range.</summary>
    public int RangeStart => Header("Range") is { } range && range.StartsWith("bytes=", StringComparison.Ordinal)
        ? int.Parse(range[6..range.IndexOf('-', StringComparison.Ordinal)], CultureInfo.InvariantCulture) : 0;
}

/// <summary>An answer, and how the line behaves while it is sent.</summary>
internal sealed record FakeResponse(int Status)
{
    public Dictionary<string, string> Headers { get; init; } = [];

    public byte[] Body { get; init; } = [];

    /// <summary>The connection breaks after so many bytes of the body.</summary>
    public int? CutAfter { get; init; }

    /// <summary>The body stands still for so long after <see cref="StallAt"/> bytes.</summary>
    public TimeSpan Stall { get; init; }

    public int StallAt { get; init; }

    /// <summary>Leaves out Content-Length and closes the connection at the end.</summary>
    public bool WithoutLength { get; init; }

    public static FakeResponse Json(string json, int status = 200) =>
        new(status) { Body = Encoding.UTF8.GetBytes(json), Headers = { ["Content-Type"] = "application/json; charset=utf-8" } };

    /// <summary>Content as a server with or without ranges sends it.</summary>
    public static FakeResponse Content(FakeRequest request, byte[] content, bool ranges = true)
    {
        if (!ranges || request.Header("Range") is not { } range) return new FakeResponse(200) { Body = content };
        string[] ends = range["bytes=".Length..].Split('-');
        int from = int.Parse(ends[0], CultureInfo.InvariantCulture);
        int to = ends[1].Length == 0 ? content.Length - 1 : Math.Min(content.Length - 1, int.Parse(ends[1], CultureInfo.InvariantCulture));
        if (from >= content.Length) return new FakeResponse(416) { Headers = { ["Content-Range"] = $"bytes */{content.Length}" } };
        return new FakeResponse(206)
        {
            Body = content[from..(to + 1)],
            Headers = { ["Content-Range"] = $"bytes {from}-{to}/{content.Length}" },
        };
    }
}

/// <summary>A small HTTP server on sockets, so that a test decides byte by byte what goes over the line.</summary>
internal sealed class FakeServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<FakeRequest, FakeResponse> _answer;

    public FakeServer(string host, Func<FakeRequest, FakeResponse> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = $"http://{host}:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _ = Task.Run(AcceptAsync);
    }

    public string Address { get; }

    public ConcurrentQueue<FakeRequest> Requests { get; } = [];

    public void Dispose()
    {
        if (_stop.IsCancellationRequested) return;
        _stop.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                if (await ReadAsync(stream) is not { } request) return;
                Requests.Enqueue(request);
                await WriteAsync(client, stream, request, _answer(request));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The client went away, as clients in these tests do.
            }
        }
    }

    private static async Task<FakeRequest?> ReadAsync(NetworkStream stream)
    {
        var bytes = new List<byte>();
        byte[] one = new byte[1];
        while (bytes.Count < 4 || !(bytes[^1] == '\n' && bytes[^2] == '\r' && bytes[^3] == '\n'))
        {
            if (await stream.ReadAsync(one) == 0) return null;
            bytes.Add(one[0]);
        }

        string[] lines = Encoding.ASCII.GetString([.. bytes]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        string[] first = lines[0].Split(' ');
        string[] target = first[1].Split('?', 2);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines[1..])
            headers[line[..line.IndexOf(':', StringComparison.Ordinal)]] = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        return new FakeRequest(first[0], target[0], target.ElementAtOrDefault(1) ?? "", headers);
    }

    private async Task WriteAsync(TcpClient client, NetworkStream stream, FakeRequest request, FakeResponse response)
    {
        var head = new StringBuilder($"HTTP/1.1 {response.Status} Because\r\nConnection: close\r\n");
        foreach ((string name, string value) in response.Headers) head.Append(name).Append(": ").Append(value).Append("\r\n");
        if (!response.WithoutLength && !response.Headers.ContainsKey("Content-Length"))
            head.Append("Content-Length: ").Append(response.Body.Length).Append("\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), _stop.Token);
        if (request.Method == "HEAD") return;
        int length = Math.Min(response.CutAfter ?? int.MaxValue, response.Body.Length);
        int before = Math.Min(response.StallAt, length);
        await stream.WriteAsync(response.Body.AsMemory(0, before), _stop.Token);
        if (response.Stall > TimeSpan.Zero) await Task.Delay(response.Stall, _stop.Token);
        await stream.WriteAsync(response.Body.AsMemory(before, length - before), _stop.Token);
        // Bytes that were sent shall arrive before the connection ends.
        client.Client.Shutdown(SocketShutdown.Send);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, patience.Token);
    }
}
