namespace Atenea.Parquet;

/// <summary>A data page, decompressed.</summary>
/// <param name="Data">Its bytes; more may follow that do not belong to it.</param>
/// <param name="Start">Where the values start.</param>
/// <param name="End">Where they end.</param>
/// <param name="Encoding">The values' encoding, as its number.</param>
/// <param name="ValueCount">Levels, which are values with nulls among them.</param>
/// <param name="Definitions">Definition levels; null where there can be none.</param>
/// <param name="Repetitions">Repetition levels; null where there can be none.</param>
internal sealed record DataPage(
    byte[] Data, int Start, int End, int Encoding, int ValueCount, LevelReader? Definitions, LevelReader? Repetitions);

/// <summary>A dictionary page, decompressed.</summary>
/// <param name="Data">Its bytes; more may follow that do not belong to it.</param>
/// <param name="End">Where the entries end.</param>
/// <param name="Count">The number of entries.</param>
internal sealed record DictionaryPage(byte[] Data, int End, int Count);
