using System.Text;
using System.Text.Json.Nodes;
using Atenea.Hub;

namespace Atenea.Training;

/// <summary>
/// The run's events in <c>history.jsonl</c>. Each is appended by one write as it happens; resuming rewrites the file from the saved state,
/// so that what came after it is not told twice.
/// </summary>
internal sealed class History(string path, TrainerState state)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes all events of the state.</summary>
    public void Rewrite() => AtomicFile.WriteText(path, string.Concat(state.Events.Select(Json.Line)));

    /// <summary>Adds an event.</summary>
    public void Append(JsonObject entry)
    {
        state.Events.Add(entry);
        try
        {
            using var stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            stream.Write(Utf8.GetBytes(Json.Line(entry)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.CannotWrite(path, e);
        }
    }
}
