using System.Text.Json.Serialization;
using Atenea.Hub;
using Atenea.Tokenizers;

namespace Atenea.Cli;

/// <summary>What commands print as JSON without a form of its own: snake_case names, and nulls are left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BenchmarkResult))]
[JsonSerializable(typeof(CachedRepositories))]
[JsonSerializable(typeof(ConvertedData))]
[JsonSerializable(typeof(DataStructure))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(DownloadedRepository))]
[JsonSerializable(typeof(DownloadedReviews))]
[JsonSerializable(typeof(FileStatistics))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, WrittenPart>))]
[JsonSerializable(typeof(IReadOnlyList<RepositorySummary>))]
[JsonSerializable(typeof(RemovedRepository))]
[JsonSerializable(typeof(TokenStatistics))]
[JsonSerializable(typeof(TrainedTokenizer))]
internal sealed partial class CliJson : JsonSerializerContext;
